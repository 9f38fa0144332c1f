import { SvelteSet } from 'svelte/reactivity'

/** Which rows of the table are open, and which are selected. By address, so that it outlives the drawing of rows. */
export class Selection {
  readonly open = new SvelteSet<string>()
  readonly chosen = new SvelteSet<string>()

  toggleOpen(ip: string): void {
    if (!this.open.delete(ip)) this.open.add(ip)
  }

  choose(ip: string, on: boolean): void {
    if (on) this.chosen.add(ip)
    else this.chosen.delete(ip)
  }

  /** Drops what is no longer in the table. */
  keep(ips: ReadonlySet<string>): void {
    for (const ip of [...this.chosen]) if (!ips.has(ip)) this.chosen.delete(ip)
    for (const ip of [...this.open]) if (!ips.has(ip)) this.open.delete(ip)
  }
}
