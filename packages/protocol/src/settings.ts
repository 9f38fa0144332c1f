import { parsePolicy, SETTINGS_BOUNDS, type JailSettings, type SettingsOverride } from '@warder/core'
import * as z from 'zod/mini'

const maxretry = z.int().check(z.gte(SETTINGS_BOUNDS.maxretry.min), z.lte(SETTINGS_BOUNDS.maxretry.max))
const findtime = z.int().check(z.gte(SETTINGS_BOUNDS.findtime.min), z.lte(SETTINGS_BOUNDS.findtime.max))
const bantime = z.union([
  z.literal(-1),
  z.int().check(z.gte(SETTINGS_BOUNDS.bantime.min), z.lte(SETTINGS_BOUNDS.bantime.max)),
])

/** `local`, `cluster` or `after N nodes`. */
export const sharingPolicy = z
  .union([
    z.literal('local'),
    z.literal('cluster'),
    z.literal('after 1 node'),
    z.templateLiteral(['after ', z.int(), ' nodes']),
  ])
  .check(z.refine((policy) => parsePolicy(policy) === policy, 'must be local, cluster or after N nodes'))

/** All tunable settings of a jail; findtime and bantime in seconds, bantime -1 is for ever. */
export const jailSettings = z.strictObject({
  enabled: z.boolean(),
  maxretry,
  findtime,
  bantime,
  /** Since version 3; absent: `local`. */
  policy: z.exactOptional(sharingPolicy),
})

/** What one layer of tuning says of a jail; absent keys are inherited. */
export const settingsOverride = z.strictObject({
  enabled: z.exactOptional(z.boolean()),
  maxretry: z.exactOptional(maxretry),
  findtime: z.exactOptional(findtime),
  bantime: z.exactOptional(bantime),
  policy: z.exactOptional(sharingPolicy),
})

/** What can be changed by hand on a node. */
export const LOCAL_KEYS = ['enabled', 'maxretry', 'findtime', 'bantime', 'policy', 'ignoreip'] as const

/** Within how many seconds a node may be asked to reach the server after it applied settings on trial. */
export const CONFIRM_BOUNDS = { min: 10, max: 3_600 } as const

/** Overrides by jail name. */
export const jailOverrides = z.record(z.string().check(z.maxLength(64)), settingsOverride)

const settingsAgree: JailSettings = {} as z.infer<typeof jailSettings>
const overridesAgree: SettingsOverride = {} as z.infer<typeof settingsOverride>
void settingsAgree
void overridesAgree
