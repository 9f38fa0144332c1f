/** A schema of an OpenAPI 3.1 document, as far as ours are written. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly default?: unknown
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  return typeOf(value) === type
}

/** Why a value does not fit a schema: the first reason with its place; null when it does. */
export function misfit(value: unknown, schema: Schema, at = ''): string | null {
  if (schema.const !== undefined && value !== schema.const) return `${at}: is not ${String(schema.const)}`
  if (schema.enum && !schema.enum.includes(value)) return `${at}: ${String(value)} is none of the enum`
  const types = schema.type === undefined ? null : [schema.type].flat()
  if (types && !types.some((type) => isOfType(value, type)))
    return `${at}: ${typeOf(value)} is not ${types.join(' or ')}`
  const choices = schema.anyOf ?? schema.oneOf
  if (choices && choices.every((choice) => misfit(value, choice, at) !== null))
    return `${at}: fits none of ${choices.length}, such as ${misfit(value, choices[0] ?? {}, at) ?? ''}`
  for (const part of schema.allOf ?? []) {
    const found = misfit(value, part, at)
    if (found) return found
  }
  if (Array.isArray(value))
    return value.reduce<string | null>(
      (found, item, i) => found ?? misfit(item, schema.items ?? {}, `${at}/${i}`),
      null,
    )
  return value !== null && typeof value === 'object' ? misfitOfObject(value, schema, at) : null
}

function misfitOfObject(value: object, schema: Schema, at: string): string | null {
  const missing = (schema.required ?? []).find((key) => !Object.hasOwn(value, key))
  if (missing !== undefined) return `${at}: lacks ${missing}`
  for (const [key, entry] of Object.entries(value)) {
    const own = schema.properties?.[key]
    const rest = schema.additionalProperties
    if (own === undefined && rest === false) return `${at}: has ${key} beside the schema`
    const found = misfit(entry, own ?? (typeof rest === 'object' ? rest : {}), `${at}/${key}`)
    if (found) return found
  }
  return null
}

/** Numbers from 0 up to 1. */
export type Chance = () => number

const PLACES = [
  '203.0.113.9',
  '198.51.100.0/24',
  '2001:db8::7',
  'pve1',
  'sshd',
  'manual',
  'x',
  '0',
  '',
  'a\u0000b',
  '../..',
]

/** Something that mostly fits a schema, told apart by chance; texts are what such texts usually are, or hostile. */
export function drawn(schema: Schema, chance: Chance, depth = 0): unknown {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(chance() * items.length)]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return pick(schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return drawn(pick(choices) ?? {}, chance, depth)
  const type = pick([schema.type ?? 'string'].flat())
  const { minimum = 0, maximum = 1_000 } = schema
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return chance() < 0.5
    case 'integer':
    case 'number':
      return pick([minimum, Math.min(maximum, minimum + 1), Math.min(maximum, 300), Math.min(maximum, 1e9)])
    case 'array': {
      const count = depth > 4 ? (schema.minItems ?? 0) : (schema.minItems ?? 0) + Math.floor(chance() * 3)
      return Array.from({ length: count }, () => drawn(schema.items ?? {}, chance, depth + 1))
    }
    case 'object': {
      const required = new Set(schema.required ?? [])
      const own = Object.entries(schema.properties ?? {}).filter(
        ([key]) => required.has(key) || chance() < 0.5,
      )
      const drawnOwn = own.map(([key, part]) => [key, drawn(part, chance, depth + 1)])
      const rest = schema.additionalProperties
      const more = typeof rest === 'object' && depth < 4 ? [['sshd', drawn(rest, chance, depth + 1)]] : []
      return Object.fromEntries([...drawnOwn, ...more])
    }
  }
  return (pick(PLACES) ?? '').padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? 200)
}

/** The same, broken in one place. */
export function broken(value: unknown, chance: Chance): unknown {
  const junk: readonly unknown[] = [
    null,
    -1,
    1e300,
    'x'.repeat(5_000),
    [],
    {},
    true,
    { __proto__: null, constructor: 1 },
    '\ud800',
  ]
  const one = junk[Math.floor(chance() * junk.length)]
  if (value === null || typeof value !== 'object' || chance() < 0.3) return one
  const keys = Object.keys(value)
  const key = keys[Math.floor(chance() * keys.length)] ?? 'more'
  return { ...value, [key]: broken(Reflect.get(value, key), chance) }
}
