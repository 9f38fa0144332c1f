#!/bin/sh
# History and keys belong to the user warder, and so must all that a command leaves in their folder. Only what writes
# settings or looks at other programs stays root.
if [ "$(id -u)" = 0 ]; then
	case "$1" in
	set-port | check-port | --help | '') ;;
	*) exec setpriv --reuid=warder --regid=warder --clear-groups --reset-env /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@" ;;
	esac
fi
exec /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@"
