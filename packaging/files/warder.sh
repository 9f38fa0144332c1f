#!/bin/sh
# The program is started under its own name: what it was called by is said in words, for scripts that know fail2ban-client.
case "${0##*/}" in
fail2ban-client) set -- client "$@" ;;
esac
exec /usr/lib/warder-agent/node /usr/lib/warder-agent/agent.js "$@"
