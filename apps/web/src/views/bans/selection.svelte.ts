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
  keep(isThere: (ip: string) => boolean): void {
    for (const ips of [this.chosen, this.open]) for (const ip of [...ips]) if (!isThere(ip)) ips.delete(ip)
  }
}
