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
  'login.failed': [
    401,
    'The name or the password is wrong.',
    'Try again; after several failures this address is banned.',
  ],
  'claim.wrong': [401, 'The claim code is wrong.', 'Copy the code from the output of the server.'],
  'origin.foreign': [403, 'The request comes from another site.', 'Use the dashboard at its own address.'],
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
