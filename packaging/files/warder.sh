#!/bin/sh
exec /usr/lib/warder-agent/node /usr/lib/warder-agent/agent.js "$@"
