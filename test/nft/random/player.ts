import { isSubnet } from '../../../packages/core/src/index.ts'
import { makeLogger, systemClock } from '../../../packages/daemon/src/index.ts'
import { Enforcer } from '../../../apps/agent/src/engine/enforcer.ts'
import type { Firewall, FirewallChange } from '../../../apps/agent/src/firewall/firewall.ts'
import { NetworkNamespace } from '../../../apps/agent/src/firewall/netns.ts'
import type { Backend } from '../rig.ts'
import { editsOf } from './foreign.ts'
import { Model, type Packet } from './model.ts'
import type { Move } from './moves.ts'
import { fatesOf, wireUp } from './packets.ts'
import { differences, ipsetExpected, ipsetSets, NFT, nftExpected, nftSets } from './reading.ts'

const clock = systemClock
const log = makeLogger({ name: 'random', level: 'silent', form: 'text' })

const PACKETS: readonly Packet[] = [
  '198.18.0.1',
  '198.18.0.200',
  '198.18.5.5',
  '198.19.1.1',
  '203.0.113.7',
  '2001:db8:0:1::1',
  '2001:db8:0:1::99',
  '2001:db8:0:2::1',
  '2001:db8:9::1',
  '64:ff9b::c612:1',
].flatMap((from): readonly Packet[] => [
  { from, protocol: 'tcp', port: 22, hook: 'input' },
  { from, protocol: 'tcp', port: 8_050, hook: 'input' },
  { from, protocol: 'tcp', port: 3_036, hook: 'input' },
  { from, protocol: 'tcp', port: 4_153, hook: 'input' },
  { from, protocol: 'udp', port: 53, hook: 'input' },
  { from, protocol: 'tcp', port: 443, hook: 'forward' },
])

/** Carries out moves on the real thing and on the model, and compares them after each. */
export class Player implements AsyncDisposable {
  readonly #host = new NetworkNamespace()
  readonly #client = new NetworkNamespace()
  readonly #backend: Backend
  readonly #model = new Model()
  #guests: boolean
  #firewall: Firewall
  #enforcer: Enforcer

  constructor(backend: Backend) {
    this.#backend = backend
    this.#guests = backend.name.includes('guests')
    wireUp(this.#host, this.#client)
    this.#firewall = backend.make(this.#host, this.#guests)
    this.#enforcer = this.#makeEnforcer()
  }

  async play(move: Move): Promise<void> {
    const now = clock.now()
    const { plan } = this.#model
    switch (move.kind) {
      case 'apply': {
        const changes = move.wishes.flatMap((wish): readonly FirewallChange[] => {
          const jail = plan.jails[wish.jail % Math.max(1, plan.jails.length)]?.name
          if (jail === undefined) return []
          if (wish.end === 'remove') return [{ kind: 'remove', jail, ip: wish.ip }]
          return [
            { kind: 'add', jail, ip: wish.ip, until: wish.end === null ? null : now + wish.end * 1_000 },
          ]
        })
        this.#model.apply(changes, now)
        await this.#enforcer.apply(changes)
        break
      }
      case 'plan': {
        this.#model.prepare(move.plan)
        await this.#prepare()
        break
      }
      case 'restart': {
        this.#enforcer[Symbol.dispose]()
        await this.#firewall[Symbol.asyncDispose]()
        this.#guests = move.guests
        this.#firewall = this.#backend.make(this.#host, this.#guests)
        this.#enforcer = this.#makeEnforcer()
        if (move.plan) this.#model.prepare(move.plan)
        await this.#prepare()
        break
      }
      case 'foreign': {
        this.#foreign(move)
        await this.#enforcer.bring(this.#model.wanted(), clock.now())
        break
      }
      case 'wait':
        await new Promise((resolve) => setTimeout(resolve, 2_100))
        break
      case 'probe':
        await this.#probe()
    }
    await this.#compare()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#enforcer[Symbol.dispose]()
    await this.#firewall[Symbol.asyncDispose]()
    this.#host[Symbol.dispose]()
    this.#client[Symbol.dispose]()
  }

  #makeEnforcer(): Enforcer {
    return new Enforcer({ firewall: this.#firewall, clock, log, onRetry: () => {} })
  }

  async #prepare(): Promise<void> {
    const { found } = await this.#enforcer.prepare(this.#model.plan)
    if (found !== null) await this.#enforcer.mend(this.#model.wanted(), found, clock.now())
  }

  #foreign({ edit, jail, ip }: Move & { kind: 'foreign' }): void {
    const { jails } = this.#model.plan
    const aimed = jails[jail % Math.max(1, jails.length)]
    if (aimed === undefined) return
    const aim = {
      jail: aimed,
      ip,
      family: this.#guests && edit % 2 === 1 ? ('bridge' as const) : ('inet' as const),
    }
    const { name } = this.#backend
    const edits = editsOf(name)
    const script = edits[edit % edits.length]?.(aim) ?? ''
    const variant = name.endsWith('-nft') ? '-nft' : '-legacy'
    try {
      if (this.#isNft()) this.#host.run(NFT, script)
      else
        this.#host.run(
          'sh',
          '-c',
          `for T in iptables${variant} ip6tables${variant}; do ${script}; done 2>/dev/null; true`,
        )
    } catch {
      // Not everything can be done at every time.
    }
  }

  async #compare(): Promise<void> {
    const now = clock.now()
    const ended = this.#model.end(now)
    const uncovering = ended.filter(({ ip }) => isSubnet(ip))
    if (uncovering.length > 0)
      await this.#enforcer.apply(uncovering.map(({ jail, ip }) => ({ kind: 'remove', jail, ip })))
    const trouble = this.#enforcer.isInTrouble ? [`trouble: ${this.#enforcer.report().reason}`] : []
    const different = [...trouble, ...this.#differences(), ...(await this.#unlisted())]
    if (different.length > 0) throw new Error(different.slice(0, 8).join('\n'))
  }

  #differences(): readonly string[] {
    const now = clock.now()
    const at = { plan: this.#model.plan, wanted: this.#model.wanted(), now }
    const { longestS } = this.#firewall
    if (!this.#isNft()) return differences(ipsetSets(this.#host), ipsetExpected(at), longestS)
    const families = this.#guests ? (['inet', 'bridge'] as const) : (['inet'] as const)
    return families.flatMap((family) =>
      differences(nftSets(this.#host, family), nftExpected(family, at), longestS).map(
        (words) => `${family}: ${words}`,
      ),
    )
  }

  async #unlisted(): Promise<readonly string[]> {
    const from = clock.now()
    const listed = (await this.#firewall.list()).filter(({ until }) => until === null || until > from + 2_500)
    const wanted = this.#model.wanted().filter(({ until }) => until === null || until > from + 2_500)
    const seen = listed.map(({ jail, ip, partly }) => `${jail} ${ip}${partly ? ' partly' : ''}`).toSorted()
    const keys = wanted.map(({ jail, ip }) => `${jail} ${ip}`).toSorted()
    return seen.join('\n') === keys.join('\n') ? [] : [`listed ${seen.join(', ')}; wanted ${keys.join(', ')}`]
  }

  async #probe(): Promise<void> {
    const before = PACKETS.map((packet) => this.#model.fates(packet))
    const fates = await fatesOf({ host: this.#host, client: this.#client }, PACKETS)
    this.#model.end(clock.now() + 300)
    const wrong = PACKETS.flatMap((packet, i) => {
      const fate = fates[i] ?? 'drop'
      const may = new Set([...(before[i] ?? []), ...this.#model.fates(packet)])
      return may.has(fate) ? [] : [`${JSON.stringify(packet)}: ${fate}, not ${[...may].join(' or ')}`]
    })
    if (wrong.length > 0) throw new Error(wrong.slice(0, 8).join('\n'))
  }

  #isNft(): boolean {
    return this.#backend.name.startsWith('nftables')
  }
}
