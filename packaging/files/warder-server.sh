#!/bin/sh
# History and keys belong to the user warder, and so must all that a command leaves in their folder. Only what writes
# settings, looks at other programs, or reads and writes backups anywhere stays root.
if [ "$(id -u)" = 0 ]; then
	case "$1" in
	set-port | check-port | backup | verify | restore | --help | '') ;;
	*) exec setpriv --reuid=warder --regid=warder --groups=www-data --reset-env /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@" ;;
	esac
fi
exec /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@"
