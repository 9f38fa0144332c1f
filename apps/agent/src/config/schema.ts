import { splitIgnoreip } from '@warder/conf'
import { CONTROL_SOCKET } from '@warder/protocol/control'
import * as z from 'zod/mini'

const path = z.string().check(z.regex(/^\//, 'must be an absolute path'), z.maxLength(4_096))

const host = z.string().check(
  z.refine((text) => {
    const { ignoreip, ignorehosts } = splitIgnoreip(text)
    return [...ignoreip, ...ignorehosts].join() === text
  }, 'must be an address, a subnet or a host name'),
)

const log = z.strictObject({
  /** How much is written; `debug` is chatty. */
  level: z._default(z.enum(['silent', 'error', 'warn', 'info', 'debug']), 'info'),
  /** `json` for machines, `text` for people, `auto`: text at a terminal, else json. */
  form: z._default(z.enum(['auto', 'json', 'text']), 'auto'),
})

const tls = z.strictObject({
  /** A file with the certificate authority (PEM) that signed the server's certificate, in place of the system's. */
  ca: z.exactOptional(path),
  /** SHA-256 of the server's certificate, as openssl prints it; accepted whoever signed it. */
  fingerprint: z.exactOptional(
    z
      .string()
      .check(z.regex(/^([0-9A-Fa-f]{2}:?){32}$/, 'must be a SHA-256 fingerprint of 64 hexadecimal digits')),
  ),
})

/** `agent.toml`: what the process needs. Jails and filters are in fail2ban's own files beside it. */
export const agentConfig = z.strictObject({
  /** The server, `wss://warder.example:8008`. Without one the agent works alone. */
  server: z.exactOptional(
    z
      .string()
      .check(
        z.regex(/^(wss?|https?):\/\/\S+$/, 'must be a URL like wss://warder.example:8008'),
        z.maxLength(500),
      ),
  ),
  /** What the dashboard showed for enrolling this node; needed for the first contact only. */
  join: z.exactOptional(
    z
      .string()
      .check(
        z.regex(
          /^warder-join\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{32}$/,
          'must be the join text that the dashboard shows',
        ),
      ),
  ),
  /** The node's name; the host name where absent. */
  name: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(64))),
  /** The cluster's name; what Proxmox says where absent. */
  cluster: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(64))),
  state_dir: z._default(path, '/var/lib/warder-agent'),
  /** Holds jail.local, jail.d/, filter.d/ ... */
  config_dir: z._default(path, '/etc/warder'),
  /** An installation of fail2ban whose jails and filters are run as they are; only read. `config_dir` lies above it. */
  fail2ban_config: z.exactOptional(path),
  socket: z._default(path, CONTROL_SOCKET),
  /** Where the helper answers that changes settings of the node, see warder harden. */
  harden_socket: z._default(path, '/run/warder-harden.sock'),
  /** Where Proxmox keeps its cluster file system: the cluster's name and its nodes are read from there. */
  pve_dir: z._default(path, '/etc/pve'),
  /** `auto` takes nftables where it works, else ipset, else `dry-run`, which only notes what it would do. */
  firewall: z._default(z.enum(['auto', 'nftables', 'ipset', 'dry-run', 'memory']), 'auto'),
  /** Whether bans of all ports also hold for virtual machines and containers behind the node's bridges. */
  protect_guests: z._default(z.boolean(), false),
  /** Whoever is in a network that the node is attached to is never banned unless this is true. The dashboard's switch counts more. */
  filter_local_networks: z._default(z.boolean(), false),
  /** Addresses, subnets and host names of proxies, never banned: behind them are all who come through them. */
  proxies: z._default(z.array(host).check(z.maxLength(100)), []),
  /** Whether bans stay in the firewall when the agent stops. */
  on_stop: z._default(z.enum(['keep', 'remove']), 'keep'),
  log: z._default(log, { level: 'info', form: 'auto' }),
  tls: z._default(tls, {}),
})

/** A checked `agent.toml` with every default filled in. */
export type AgentConfig = z.infer<typeof agentConfig>
