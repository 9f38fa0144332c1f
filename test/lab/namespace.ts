import { must, run } from './command.ts'

/** A machine of the lab: a network namespace on the lab's bridge with addresses of its own. */
export interface Machine {
  readonly name: string
  /** The first address; more can be bound with `ip`. */
  readonly address: string
  /** A command → the same command, run on this machine. */
  on(command: readonly string[]): readonly string[]
}

/**
 * A small network of its own: a bridge and machines on it, all in namespaces that end with it. Nothing of the
 * machine it runs on is touched. Addresses are of the documentation range 203.0.113.0/24.
 */
export class Network {
  readonly #prefix: string
  readonly #namespaces: string[] = []

  private constructor(prefix: string) {
    this.#prefix = prefix
  }

  static async open(): Promise<Network> {
    const network = new Network(`wdr${process.pid}x${Math.floor(Math.random() * 1e4)}`)
    await network.#addNamespace('lan')
    await must(network.#in('lan', ['ip', 'link', 'add', 'br0', 'type', 'bridge']))
    await must(network.#in('lan', ['ip', 'link', 'set', 'br0', 'up']))
    return network
  }

  /** Adds a machine with these last bytes of 203.0.113.0/24. */
  async addMachine(name: string, hosts: readonly number[]): Promise<Machine> {
    await this.#addNamespace(name)
    const [here, there] = [`${name}0`, 'eth0']
    await must(
      this.#in('lan', [
        'ip',
        'link',
        'add',
        here,
        'type',
        'veth',
        'peer',
        'name',
        there,
        'netns',
        this.#full(name),
      ]),
    )
    await must(this.#in('lan', ['ip', 'link', 'set', here, 'master', 'br0', 'up']))
    for (const host of hosts)
      await must(this.#in(name, ['ip', 'address', 'add', `203.0.113.${host}/24`, 'dev', there]))
    await must(this.#in(name, ['ip', 'link', 'set', there, 'up']))
    return {
      name: this.#full(name),
      address: `203.0.113.${hosts[0]}`,
      on: (command) => this.#in(name, command),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const namespace of this.#namespaces.toReversed()) {
      // Connections that were cut off would wait inside for minutes; all that runs there was started by the lab.
      const { stdout } = await run(['ip', 'netns', 'pids', namespace])
      for (const pid of stdout.split('\n').filter(Boolean)) await run(['kill', '-KILL', pid])
      await run(['ip', 'netns', 'delete', namespace])
    }
  }

  async #addNamespace(name: string): Promise<void> {
    await must(['ip', 'netns', 'add', this.#full(name)])
    this.#namespaces.push(this.#full(name))
    await must(this.#in(name, ['ip', 'link', 'set', 'lo', 'up']))
  }

  #full(name: string): string {
    return `${this.#prefix}-${name}`
  }

  #in(name: string, command: readonly string[]): readonly string[] {
    return ['nsenter', `--net=/run/netns/${this.#full(name)}`, ...command]
  }
}
