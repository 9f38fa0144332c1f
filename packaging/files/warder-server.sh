#!/bin/sh
# History and keys belong to the user warder, and so must all that a command leaves in their folder. Only what writes
# settings, looks at other programs, or reads and writes backups and certificates anywhere stays root.
if [ "$(id -u)" = 0 ]; then
	case "$1" in
	set-port | check-port | take-certificate | backup | verify | restore | --help | '') ;;
	*) exec setpriv --reuid=warder --regid=warder --clear-groups --reset-env /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@" ;;
	esac
fi
exec /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@"
