import type { ListsPart, NodeList, WantedLists } from '@warder/protocol'

/** Puts the parts of the server's lists together. Parts come in order; what does not go on begins anew. */
export class ListParts {
  #stamp = ''
  #next = 1
  #lists = new Map<string, NodeList>()

  /** Takes a part → the whole when it was the last one, else null. */
  take({ revision, stamp, lists, part, parts }: ListsPart): WantedLists | null {
    if (part === 1) {
      this.#stamp = stamp
      this.#next = 1
      this.#lists = new Map()
    }
    // A part of something else: the server sends the whole again when the status says that it is not there.
    if (stamp !== this.#stamp || part !== this.#next) return null
    this.#next++
    for (const list of lists) this.#add(list)
    if (part < parts) return null
    const whole = { revision, stamp, lists: [...this.#lists.values()] }
    this.#lists = new Map()
    this.#stamp = ''
    return whole
  }

  #add(list: NodeList): void {
    const known = this.#lists.get(list.name)
    if (known === undefined) this.#lists.set(list.name, list)
    else {
      known.targets.push(...list.targets)
      known.ending.push(...list.ending)
    }
  }
}
