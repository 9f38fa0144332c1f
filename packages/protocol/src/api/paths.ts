/** The prefix of every REST path. */
export const API = '/api/v1'

const seg = encodeURIComponent

/** Every URL of the API, once. Functions take what varies. */
export const PATHS = {
  openapi: `${API}/openapi.json`,
  session: `${API}/session`,
  claim: `${API}/claim`,
  tokens: `${API}/tokens`,
  token: (id: string) => `${API}/tokens/${seg(id)}`,
  nodes: `${API}/nodes`,
  node: (node: string) => `${API}/nodes/${seg(node)}`,
  nodeFilters: (node: string) => `${API}/nodes/${seg(node)}/filters`,
  sourceLines: (node: string, source: string) => `${API}/nodes/${seg(node)}/sources/${seg(source)}/lines`,
  joinCodes: `${API}/join-codes`,
  jails: `${API}/jails`,
  jailSettings: (jail: string) => `${API}/jails/${seg(jail)}/settings`,
  nodeJailSettings: (node: string, jail: string) => `${API}/nodes/${seg(node)}/jails/${seg(jail)}/settings`,
  fleetSettings: `${API}/settings`,
  bans: `${API}/bans`,
  ban: (ip: string) => `${API}/bans/${seg(ip)}`,
  unban: `${API}/unban`,
  panic: `${API}/panic`,
  bulkOrders: `${API}/bulk-orders`,
  bulkOrder: (id: string) => `${API}/bulk-orders/${seg(id)}`,
  undoBulkOrder: (id: string) => `${API}/bulk-orders/${seg(id)}/undo`,
  lists: `${API}/lists`,
  list: (list: string) => `${API}/lists/${seg(list)}`,
  listEntries: (list: string) => `${API}/lists/${seg(list)}/entries`,
  listEntry: (list: string, ip: string) => `${API}/lists/${seg(list)}/entries/${seg(ip)}`,
  listImport: (list: string) => `${API}/lists/${seg(list)}/import`,
  listFetch: (list: string) => `${API}/lists/${seg(list)}/fetch`,
  allow: `${API}/allow`,
  events: `${API}/events`,
  timeline: `${API}/timeline`,
  overview: `${API}/overview`,
  revisions: `${API}/revisions`,
  audit: `${API}/audit`,
  live: `${API}/live`,
} as const
