import { falseAlarm } from './false-alarm.ts'
import { flood } from './flood.ts'
import { nodeLost } from './node-lost.ts'
import { quietDay } from './quiet-day.ts'
import type { ScriptMaker, ScriptName } from './script.ts'
import { storm } from './storm.ts'

/** Every script by its name. */
export const SCRIPTS: Readonly<Record<ScriptName, ScriptMaker>> = {
  'quiet-day': quietDay,
  storm,
  'node-lost': nodeLost,
  'false-alarm': falseAlarm,
  flood,
}
