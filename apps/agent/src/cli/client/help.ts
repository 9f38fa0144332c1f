/** The release of fail2ban whose commands are understood. */
export const FAIL2BAN_VERSION = '1.1.0'

/** What `warder client --help` says. */
export const CLIENT_HELP = `Takes the commands of fail2ban-client and answers as it does, so that scripts go on working.

warder client [OPTIONS] COMMAND...

Options of fail2ban-client are accepted; these mean something:
  -s, --socket FILE   where Warder's agent listens (fail2ban's own socket: the usual place)
  -c, --conf FILE     an agent.toml (a folder: nothing, the agent knows what it reads)
  -t, --test          read the configuration and say whether there are errors
  --str2sec TEXT      a duration in seconds
  -V, --version       the release of fail2ban whose commands are understood
  -h, --help          this text

Commands:
  ping, version, echo TEXT..., flushlogs
  status [JAIL [basic|short]], status --all [basic|short]
  banned [IP...]
  unban IP... | --all
  reload [--restart] [--unban] [--if-exists] [--all | JAIL], restart [JAIL]
  start JAIL, stop JAIL
  set JAIL banip IP..., unbanip [--report-absent] IP...
  set JAIL bantime|findtime TIME, maxretry N
  set JAIL addignoreip IP..., delignoreip IP...
  get JAIL banip [SEPARATOR | --with-time], banned [IP...]
  get JAIL bantime|findtime|maxretry|maxmatches|maxlines|ignoreip|ignoreself|ignorecommand|failregex|
           ignoreregex|logpath|logencoding|journalmatch|datepattern|usedns|actions

What "set" and "stop JAIL" change holds until the agent restarts, reads its files again, or gets other settings from its
server. All else belongs into /etc/warder, then: warder reload. The ways of Warder: docs/from-fail2ban.md
Exit status: 0 done, 255 refused or failed.
`
