/** The closed list of error codes: HTTP status, one sentence of meaning, one of remedy. */
export const ERRORS = {
  'input.invalid': [
    400,
    'The request does not fit its schema.',
    'Correct the fields named in the message and send it again.',
  ],
  'ip.invalid': [
    400,
    'That is neither an address nor a subnet.',
    'Write it like 192.0.2.10, 2001:db8::1 or 192.0.2.0/24.',
  ],
  'cursor.invalid': [400, 'The cursor was not made by this server.', 'Start again without a cursor.'],
  'session.missing': [
    401,
    'You are not signed in.',
    'Sign in, or send an API token in the Authorization header.',
  ],
  'token.invalid': [
    401,
    'The API token is unknown, revoked or expired.',
    'Create a new token in the dashboard under Settings.',
  ],
  'access.denied': [
    403,
    'You may not do this.',
    'Ask an admin for another role, or use a token with the scope that the message names.',
  ],
  'login.failed': [
    401,
    'The name or the password is wrong.',
    'Try again; after several failures this address is banned.',
  ],
  'login.code-needed': [
    401,
    'A code of your second factor is needed.',
    'Send the code that your app shows, or a recovery code, as `code` beside name and password.',
  ],
  'login.code-wrong': [
    401,
    'The code is wrong, or was used already.',
    'Wait for the next code; after several failures this address is banned. A recovery code works too.',
  ],
  'login.no-right': [
    403,
    'This Proxmox account may not use Warder.',
    'Give it Sys.Audit on / in Proxmox to look, Sys.Modify on /nodes to ban and tune, Sys.Modify on / for everything.',
  ],
  'login.no-factor': [
    403,
    'The second factor of this Proxmox account cannot be used from here.',
    'Add a TOTP app or recovery keys to the account in Proxmox: security keys work at its own address only.',
  ],
  'deploy.unknown': [
    404,
    'There is no such deployment.',
    'List them; those that ended are kept for an hour.',
  ],
  'deploy.busy': [
    409,
    'A deployment to this host is under way, or too many are.',
    'Wait for its end, or cancel it.',
  ],
  'deploy.no-package': [
    503,
    'This server has no package of the agent to put anywhere.',
    'Install the server from its Debian package, which holds one, or add the node by a join code.',
  ],
  'deploy.unreachable': [
    502,
    'No SSH server answered there.',
    'Correct host and port, and look whether sshd runs and no firewall is between.',
  ],
  'realm.unknown': [400, 'Nobody can sign in with that realm.', 'GET /api/v1/session lists the realms.'],
  'realm.unreachable': [
    503,
    'Proxmox did not answer as it should.',
    'Correct what the message names in [proxmox_login] of server.toml, or sign in with an account of this server.',
  ],
  'invitation.wrong': [
    401,
    'The invitation was used already, has run out, or was replaced.',
    'Ask an admin for a new one.',
  ],
  'account.unknown': [404, 'There is no account with that id.', 'GET /api/v1/accounts lists them.'],
  'account.exists': [409, 'There is an account of that name.', 'Choose another name.'],
  'account.disabled': [403, 'This account is disabled.', 'Ask an admin to enable it again.'],
  'account.foreign': [
    409,
    'Proxmox keeps the password and the second factor of this account.',
    'Change them in Proxmox.',
  ],
  'account.last-admin': [
    409,
    'Nobody would be left who can do everything.',
    'Make somebody else an admin first, with an account of this server and a password they have chosen.',
  ],
  'account.self': [409, 'You cannot do this to your own account.', 'Ask another admin to do it.'],
  'password.wrong': [403, 'The password is wrong.', 'Enter the password that you sign in with.'],
  'totp.wrong': [
    400,
    'That is not the code of this key now.',
    'Compare the clock of the phone with that of the server, and enter the code that the app shows now.',
  ],
  'session.unknown': [404, 'There is no such session any more.', 'GET /api/v1/account/sessions lists them.'],
  'totp.on': [409, 'Your account has a second factor already.', 'Remove it first, then add another one.'],
  'totp.off': [409, 'There is no second factor to confirm or to change.', 'Begin again.'],
  'claim.wrong': [401, 'The claim code is wrong.', 'Copy the code from the output of the server.'],
  'origin.foreign': [403, 'The request comes from another site.', 'Use the dashboard at its own address.'],
  'tls.needed': [
    403,
    'Over plain http the server answers only its own machine and trusted proxies.',
    'Write https:// in place of http://. Behind a proxy, name its address in trusted_proxies of server.toml.',
  ],
  'server.claimed': [409, 'This server has an operator already.', 'Sign in with that account.'],
  'server.unclaimed': [
    409,
    'This server has no operator yet.',
    'Open the dashboard and enter the claim code first.',
  ],
  'node.unknown': [404, 'There is no node of that name.', 'GET /api/v1/nodes lists the names.'],
  'jail.unknown': [
    404,
    'There is no jail of that name there.',
    'GET /api/v1/jails lists the jails of every node.',
  ],
  'source.unknown': [
    404,
    'No jail of that node reads that source.',
    'GET /api/v1/nodes lists the sources of every node.',
  ],
  'source.unreadable': [
    409,
    'The node cannot read that source.',
    'Correct what the message says on the node, then try again.',
  ],
  'node.away': [
    409,
    'The node is not connected.',
    'Wait until it is back, or look there: systemctl status warder-agent.',
  ],
  'node.old': [
    409,
    'The agent of that node is too old to answer this.',
    'Install the same version of Warder there as on the server.',
  ],
  'node.silent': [
    409,
    'The node did not answer in time.',
    'Try again; if it stays so, look there: journalctl -u warder-agent.',
  ],
  'node.failed': [
    409,
    'The node could not answer.',
    'Try again; if it stays so, look there: journalctl -u warder-agent.',
  ],
  'token.unknown': [404, 'There is no token with that id.', 'GET /api/v1/tokens lists them.'],
  'channel.unknown': [
    404,
    'There is no channel with that id.',
    'GET /api/v1/notifications/channels lists them.',
  ],
  'channel.incomplete': [
    400,
    'The channel lacks a secret.',
    'Enter what the message names: it is not kept when the place it goes to changes.',
  ],
  'rule.unknown': [404, 'There is no rule with that id.', 'GET /api/v1/notifications/rules lists them.'],
  'notifications.full': [
    409,
    'There are as many as the server keeps.',
    'Remove one that is not needed any more, then try again.',
  ],
  'route.unknown': [404, 'There is nothing at this path.', 'GET /api/v1/openapi.json lists all paths.'],
  'revision.stale': [
    409,
    'The settings were changed since you read them.',
    'Read them again and repeat your change.',
  ],
  'group.unknown': [404, 'There is no group or cluster of that name.', 'GET /api/v1/groups lists them.'],
  'group.taken': [409, 'That name is the name of a cluster.', 'Give the group another name.'],
  'cluster.unknown': [404, 'There is no cluster of that name.', 'GET /api/v1/nodes lists the clusters.'],
  'revision.unknown': [404, 'There is no such revision.', 'GET /api/v1/revisions lists them.'],
  'precondition.missing': [
    428,
    'A whole document takes the place of what is there, so it must say what it was made from.',
    'Read it, and send its ETag as If-Match.',
  ],
  'precondition.failed': [
    412,
    'The settings were changed since you read them.',
    'Read them again, repeat your change and send the new ETag as If-Match.',
  ],
  'idempotency.conflict': [
    409,
    'Another call was sent with that Idempotency-Key.',
    'Use a new key for each call, and the same key only to send the same call again.',
  ],
  'idempotency.running': [
    409,
    'The call with that Idempotency-Key is still being worked on.',
    'Wait a moment, then send it again with the same key.',
  ],
  'preview.busy': [409, 'Other previews are being worked out.', 'Wait until they are done, then try again.'],
  'ban.refused': [409, 'That address must not be banned.', 'Remove it from the never-ban list first.'],
  'ban.self': [
    409,
    'That ban would shut out the address you come from.',
    'Ban a smaller subnet, or type the address (`confirm`) to do it all the same.',
  ],
  'settings.self': [
    409,
    'With these settings the address you come from would be banned.',
    'Choose a higher maxretry or a shorter findtime, or type the address (`confirm`) to do it all the same.',
  ],
  'order.unknown': [404, 'There is no such order any more.', 'GET /api/v1/bulk-orders lists the last ones.'],
  'list.unknown': [404, 'There is no list of that name.', 'GET /api/v1/lists lists them.'],
  'list.exists': [409, 'There is a list of that name.', 'Choose another name, or change that list.'],
  'list.full': [
    409,
    'The lists would hold more entries than nodes take.',
    'Remove entries or a list first, or name subnets instead of single addresses.',
  ],
  'list.unfetched': [
    409,
    'The list could not be fetched.',
    'Correct what the message says; what was fetched before stays in force.',
  ],
  'entry.unknown': [404, 'That is not on the list.', 'Search the list for what contains it.'],
  'entry.wide': [400, 'That subnet is too wide for a list.', 'Use at least /8 for IPv4 and /16 for IPv6.'],
  'body.large': [413, 'The request body is too large.', 'Split it into several requests.'],
  'rate.limited': [429, 'Too many requests.', 'Wait a minute, then go on more slowly.'],
  'query.slow': [
    503,
    'It took too long to find that.',
    'Ask for less: a shorter time, fewer words, or one node or jail.',
  ],
  'query.busy': [503, 'Too many questions are being answered.', 'Try again in a moment.'],
  'server.broken': [
    500,
    'The server made a mistake.',
    'Look into its log; the message there has the same time.',
  ],
} as const satisfies Record<string, readonly [status: number, meaning: string, remedy: string]>

export type ErrorCode = keyof typeof ERRORS

/** A failure that an operator can act on. `message` may say more than the code's meaning. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly remedy: string

  constructor(code: ErrorCode, message?: string, options?: ErrorOptions) {
    super(message ?? ERRORS[code][1], options)
    this.code = code
    this.status = ERRORS[code][0]
    this.remedy = ERRORS[code][2]
  }
}
