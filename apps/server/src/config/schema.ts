import * as z from 'zod/mini'

/** Where the dashboard listens when nothing else is said. ProxMenux Monitor uses the same port. */
export const DEFAULT_PORT = 8008

const path = z.string().check(z.regex(/^\//, 'must be an absolute path'), z.maxLength(4_096))

const log = z.strictObject({
  /** How much is written; `debug` is chatty. */
  level: z._default(z.enum(['silent', 'error', 'warn', 'info', 'debug']), 'info'),
  /** `json` for machines, `text` for people, `auto`: text at a terminal, else json. */
  form: z._default(z.enum(['auto', 'json', 'text']), 'auto'),
})

const days = z.int().check(z.gte(1), z.lte(3_650))
const group = z.strictObject({
  days: z.exactOptional(days),
  rows: z.exactOptional(z.int().check(z.gte(1_000), z.lte(10_000_000_000))),
})

const keep = z.strictObject({
  /** Failed lines. */
  failures: z.exactOptional(group),
  /** Everything else that nodes report. */
  others: z.exactOptional(group),
  /** Bans that are over. */
  bans: z.exactOptional(group),
  /** Most megabytes of the whole history; above that the oldest failures go before their time. */
  megabytes: z.exactOptional(z.int().check(z.gte(50), z.lte(10_000_000))),
})

const geo = z.strictObject({
  /** MaxMind DB files (.mmdb) on this machine: countries, and networks with their numbers. */
  country: z.exactOptional(path),
  asn: z.exactOptional(path),
})

const backup = z.strictObject({
  /** Where backups lie; without it `backups` in the data folder. */
  folder: z.exactOptional(path),
  /** How often one is made. */
  every_hours: z._default(z.int().check(z.gte(1), z.lte(8_760)), 24),
  /** How many stay. */
  keep: z._default(z.int().check(z.gte(1), z.lte(1_000)), 7),
})

const origin = z
  .string()
  .check(z.regex(/^https?:\/\/[^/\s]+$/, 'must be an origin like https://warder.example'), z.maxLength(300))

/** Signing in with accounts of Proxmox. */
const proxmoxLogin = z.strictObject({
  /** Where its API is: https, host and port. */
  url: z
    .string()
    .check(z.regex(/^https:\/\/[^/\s@]+$/, 'must be like https://192.0.2.10:8006'), z.maxLength(300)),
  /** Of its certificate (SHA-256), as `pvenode cert info` shows it. Name this or `ca`. */
  fingerprint: z.exactOptional(
    z.string().check(z.regex(/^([0-9A-Fa-f]{2}:?){32}$/, 'must be the 64 hexadecimal digits of a SHA-256')),
  ),
  /** A PEM file with who signs its certificate, as /etc/pve/pve-root-ca.pem. */
  ca: z.exactOptional(path),
  /** Whose accounts: the realms as Proxmox calls them. */
  realms: z._default(
    z
      .array(
        z
          .string()
          .check(z.regex(/^[A-Za-z][A-Za-z0-9.\-_]+$/, 'must be the name of a realm'), z.maxLength(32)),
      )
      .check(z.minLength(1), z.maxLength(20)),
    ['pam', 'pve'],
  ),
})
/** A checked section `[proxmox_login]`. */
export type ProxmoxLogin = z.infer<typeof proxmoxLogin>

/** `server.toml`: what the process needs. What the fleet runs is tuned in the dashboard. */
export const serverConfig = z.strictObject({
  /** The address to listen on; `::` is every address of this machine, IPv4 too. */
  host: z._default(z.string().check(z.minLength(1), z.maxLength(255)), '::'),
  /** 0 lets the system choose a free one. */
  port: z._default(
    z.int().check(z.gte(0, 'must be 0 to 65535'), z.lte(65_535, 'must be 0 to 65535')),
    DEFAULT_PORT,
  ),
  /** History, keys and the claim code; readable by the server only. */
  data_dir: z._default(path, '/var/lib/warder-server'),
  /** The dashboard's files; without it those that came with the server. */
  web_root: z.exactOptional(path),
  /** A folder with the package of the agent that is put on nodes; without it the one that came with the server. */
  agent_packages: z.exactOptional(path),
  /** Failed logins, one line each, for the `warder` jail. */
  auth_log: z._default(path, '/var/log/warder/auth.log'),
  /** Addresses and subnets of reverse proxies whose X-Forwarded-* headers are believed. Default: none. */
  trusted_proxies: z._default(
    z.array(z.string().check(z.minLength(2), z.maxLength(49))).check(z.maxLength(100)),
    [],
  ),
  /** The path below which a proxy shows the dashboard and the API, as `/warder`; the proxy may take it off or leave it. */
  base_path: z._default(
    z
      .string()
      .check(
        z.regex(/^(\/[A-Za-z0-9._~-]+)*$/, 'must be like /warder, without a slash at its end'),
        z.maxLength(200),
      ),
    '',
  ),
  /** Further origins from which the dashboard may be used, for a proxy that changes the Host header. */
  allowed_origins: z._default(z.array(origin).check(z.maxLength(20)), []),
  /** Names, addresses and subnets in private networks that the server may send notifications to and fetch lists from. Default: none. */
  private_hosts: z._default(
    z
      .array(
        z
          .string()
          .check(z.regex(/^[A-Za-z0-9_.:/-]+$/, 'must be a name, an address or a subnet'), z.maxLength(253)),
      )
      .check(z.maxLength(100)),
    [],
  ),
  /** `auto`: https with `tls_cert`, or the certificate of this Proxmox node, or one that the server makes. `off`: no https.
   * Either way plain http is only for this machine itself and for trusted proxies. */
  tls: z._default(z.enum(['auto', 'off']), 'auto'),
  /** PEM files: the certificate, with those between it and its authority, and its key. */
  tls_cert: z.exactOptional(path),
  tls_key: z.exactOptional(path),
  /** Where Proxmox keeps its cluster file system, with this node's certificate and the members of its cluster. */
  pve_dir: z._default(path, '/etc/pve'),
  /** For how many days events and ended bans are kept. */
  keep_days: z._default(days, 90),
  /** Other limits than `keep_days` for what there is much of: the first that is reached counts. */
  keep: z._default(keep, {}),
  /** Copies of history and keys, made while the server runs. Default: none are made. */
  backup: z.exactOptional(backup),
  /** Where addresses are at home, from files that the operator keeps up to date. Default: nothing is known. */
  geo: z._default(geo, {}),
  /** How many requests an address may send in a minute; what it guesses wrong is limited more closely. */
  requests_per_minute: z._default(z.int().check(z.gte(60), z.lte(1_000_000)), 6_000),
  /** Sign in with accounts of Proxmox too. Default: off. */
  proxmox_login: z.exactOptional(proxmoxLogin),
  log: z._default(log, { level: 'info', form: 'auto' }),
})

/** A checked `server.toml` with every default filled in. */
export type ServerConfig = z.infer<typeof serverConfig>
