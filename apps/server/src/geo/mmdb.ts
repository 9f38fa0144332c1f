/** What a record of a MaxMind DB may hold. */
export type MmdbValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly MmdbValue[]
  | { readonly [key: string]: MmdbValue }

const MARK = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
/** How far from the end metadata may begin, and how deep values may lie in each other. */
const METADATA_WITHIN = 131_072
const DEEPEST = 32
const SEPARATOR = 16

/** A file that is not a MaxMind DB, in words. */
export class MmdbError extends Error {}

/** Looks addresses up in a MaxMind DB, version 2 of its format. Every step is checked: a damaged file ends in an MmdbError. */
export class Mmdb {
  readonly type: string
  readonly #tree: Buffer
  readonly #data: Buffer
  readonly #nodes: number
  readonly #bits: number
  readonly #six: boolean

  constructor(file: Buffer) {
    const at = file.lastIndexOf(MARK)
    if (at < 0 || at < file.length - METADATA_WITHIN) throw new MmdbError('it is not a MaxMind DB')
    const meta = new Section(file.subarray(at + MARK.length)).read(0)
    const of = (key: string): number => {
      const value = isMap(meta) ? meta[key] : undefined
      if (typeof value !== 'number') throw new MmdbError(`its metadata has no ${key}`)
      return value
    }
    this.#nodes = of('node_count')
    this.#bits = of('record_size')
    this.#six = of('ip_version') === 6
    if (![24, 28, 32].includes(this.#bits)) throw new MmdbError(`its records have ${this.#bits} bits`)
    const treeSize = (this.#bits / 4) * this.#nodes
    if (treeSize + SEPARATOR > at) throw new MmdbError('it is cut short')
    this.#tree = file.subarray(0, treeSize)
    this.#data = file.subarray(treeSize + SEPARATOR, at)
    this.type = isMap(meta) && typeof meta['database_type'] === 'string' ? meta['database_type'] : ''
  }

  /** What is known of an address, given as its 4 or 16 bytes; null: nothing. */
  find(address: Uint8Array): MmdbValue | null {
    if (address.length === 16 && !this.#six) return null
    const bits =
      address.length === 4 && this.#six ? new Uint8Array([...new Uint8Array(12), ...address]) : address
    let node = 0
    for (let i = 0; i < bits.length * 8 && node < this.#nodes; i++)
      node = this.#record(node, ((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1)
    if (node <= this.#nodes) return null
    return new Section(this.#data).read(node - this.#nodes - SEPARATOR)
  }

  /** The left or right record of a node. */
  #record(node: number, side: number): number {
    const tree = this.#tree
    const at = (node * this.#bits) / 4
    if (this.#bits === 24) return tree.readUIntBE(at + side * 3, 3)
    if (this.#bits === 32) return tree.readUInt32BE(at + side * 4)
    const middle = tree.readUInt8(at + 3)
    return side === 0
      ? ((middle & 0xf0) << 20) | tree.readUIntBE(at, 3)
      : ((middle & 0x0f) << 24) | tree.readUIntBE(at + 4, 3)
  }
}

const isMap = (value: MmdbValue): value is { readonly [key: string]: MmdbValue } =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)

/** Reads values of a part of the file, from its beginning on. */
class Section {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  read(at: number, depth = 0): MmdbValue {
    this.#at = at
    return this.#value(depth)
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new MmdbError('a value lies beyond its end')
    return byte
  }

  #number(size: number): number {
    let number = 0
    for (let i = 0; i < size; i++) number = number * 256 + this.#byte()
    return number
  }

  #slice(size: number): Buffer {
    if (size < 0 || this.#at + size > this.#bytes.length) throw new MmdbError('a value lies beyond its end')
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  #value(depth: number): MmdbValue {
    if (depth > DEEPEST) throw new MmdbError('its values lie too deep in each other')
    const control = this.#byte()
    const short = control >> 5
    if (short === 1) return this.#pointer(control, depth)
    const type = short === 0 ? this.#byte() + 7 : short
    const size = this.#size(control & 31)
    switch (type) {
      case 2:
        return this.#slice(size).toString('utf8')
      case 3:
        return this.#slice(8).readDoubleBE()
      case 4:
        return this.#slice(size)
      case 5:
      case 6:
        return this.#number(size)
      case 8:
        return size === 0 ? 0 : this.#number(size) | 0
      case 9:
      case 10:
        return size === 0 ? 0n : BigInt(`0x${this.#slice(size).toString('hex')}`)
      case 14:
        return size !== 0
      case 15:
        return this.#slice(4).readFloatBE()
      case 7:
        return this.#map(size, depth)
      case 11:
        return Array.from({ length: Math.min(size, this.#bytes.length) }, () => this.#value(depth + 1))
      default:
        throw new MmdbError(`it has values of the unknown type ${type}`)
    }
  }

  #map(size: number, depth: number): MmdbValue {
    const map: Record<string, MmdbValue> = Object.create(null)
    for (let i = 0; i < size; i++) {
      const key = this.#value(depth + 1)
      if (typeof key !== 'string') throw new MmdbError('a key is no text')
      map[key] = this.#value(depth + 1)
    }
    return map
  }

  #size(short: number): number {
    if (short < 29) return short
    if (short === 29) return 29 + this.#byte()
    return short === 30 ? 285 + this.#number(2) : 65_821 + this.#number(3)
  }

  #pointer(control: number, depth: number): MmdbValue {
    const size = (control >> 3) & 3
    const high = control & 7
    const to =
      size === 3
        ? this.#number(4)
        : high * 256 ** (size + 1) + this.#number(size + 1) + (size === 0 ? 0 : size === 1 ? 2_048 : 526_336)
    const back = this.#at
    const value = this.read(to, depth + 1)
    this.#at = back
    return value
  }
}
