export { meantByLift } from './ban/meant-by-lift.ts'
export { countedAs } from './jail/counted.ts'
export { NeverBanned } from './jail/ignore.ts'
export { isWhole } from './ban/whole.ts'
export {
  AGGREGATE_BOUNDS,
  DEFAULT_SETTINGS,
  IPV6PREFIX_BOUNDS,
  SETTINGS_BOUNDS,
  type JailSettings,
  type SettingsOverride,
} from './jail/settings.ts'
export { IGNORE_WORDS } from './engine/ignore-words.ts'
export { NEVER_NOBODY, type NeverBan, type NeverGroup, type NeverReason } from './jail/never.ts'
export { formatPorts, type BlockType, type JailPorts, type PortRange } from './jail/ports.ts'
export {
  BLOCKLIST_JAIL,
  BUILT_IN_JAILS,
  isBuiltInJail,
  isJailName,
  MANUAL_JAIL,
  SHARED_JAIL,
  type JailBackend,
  type JailDefinition,
  type SuccessDefinition,
} from './jail/definition.ts'
export {
  addsUp,
  afterNodes,
  DEFAULT_POLICY,
  nodesNeeded,
  parsePolicy,
  POLICY_NODES_MOST,
  type SharingPolicy,
} from './jail/policy.ts'
export { compileJail, type CompiledJail, type JailCompiled } from './jail/compile.ts'
export type { FilterDefinition, JournalMatch, JournalMatchGroup } from './filter/definition.ts'
export { compileFilter, type CompiledFilter, type FilterCompiled } from './filter/compile.ts'
export type { Needle } from './regex/needed.ts'
export type { ZoneOffset } from './date/parse.ts'
export { isFixedZone } from './date/zone.ts'
export { makeMatcher, type Match, type Matcher } from './filter/match.ts'
export {
  makeHighlighter,
  type Highlight,
  type Highlighter,
  type Piece,
  type PieceKind,
  type Verdict,
} from './filter/highlight.ts'
export { filterProblems, type OptionProblem } from './filter/problems.ts'
export { FilterTrial, type TrialFailure, type TrialVerdict } from './filter/trial.ts'
export { DateTally } from './date/tally.ts'
export { exampleLines } from './filter/example.ts'
export { matchesJournal } from './filter/journal.ts'
export type { Ban, BanOrigin, SharedFrom, Ticket } from './ban/ban.ts'
export { isEnforced, type Enforcement } from './ban/enforced.ts'
export { beginOf, endAfter } from './ban/ban-time.ts'
export { explainBan } from './ban/explain.ts'
export { readGrowth, type GrowthDefinition } from './ban/growth.ts'
export { OFFENCES_LAST_MS, type Offence } from './ban/offences.ts'
export { unknownTags, type IgnoreCacheDefinition, type IgnoreCommand } from './jail/ignore-command.ts'
export type { Failure } from './failure/failure.ts'
export { FailureTracker } from './failure/tracker.ts'
export type { SharedBan } from './engine/share.ts'
export { ORDER_LIMIT, type Order } from './engine/order.ts'
export type { Denied } from './list/denied.ts'
export { isTooWide, readList, type ListForm, type Misread, type ReadList } from './list/read-list.ts'
export type { FirewallReport, IgnoreReason, NodeEvent } from './engine/event.ts'
export { eventOf, type Effect } from './engine/effect.ts'
export type { Inquiry, Reply } from './engine/inquiry.ts'
export type { Input, Plan, PlannedJail } from './engine/input.ts'
export { makeEngine, type Engine, type EngineOptions } from './engine/engine.ts'
export type { EngineView, JailFigures, SourceFigures } from './engine/view.ts'
export { isLong, JOURNAL, LINE_LIMIT, type AsciiLine, type JournalFields, type LogLine } from './line/line.ts'
export { decodeField, journalLine } from './line/journal-entry.ts'
export { FOREVER, type EpochMs, type Seconds } from './time/epoch.ts'
export { formatDuration, parseDuration } from './time/duration.ts'
export { parseAddress } from './ip/address.ts'
export {
  contains,
  familyOf,
  isLoopback,
  isPrivate,
  isSubnet,
  networkOf,
  LOOPBACK,
  parseTarget,
  PRIVATE,
  readTarget,
  type TargetParts,
} from './ip/cidr.ts'
export { TargetSet } from './ip/target-set.ts'
export {
  EMPTY_TUNING,
  type JailOverrides,
  type Tuning,
  type TuningGroup,
  type TuningLayer,
  type Whereabouts,
} from './tuning/revision.ts'
export {
  effectiveSettings,
  overridesFor,
  type EffectiveSettings,
  type SettingsLayer,
} from './tuning/effective.ts'
export {
  changeFleet,
  changeTuning,
  layerOf,
  replaceLayer,
  tidyTuning,
  type FleetChange,
  type SettingsChange,
} from './tuning/change.ts'
export {
  changeGroup,
  groupNamed,
  groupsOf,
  groupsWith,
  removeGroup,
  type GroupChange,
} from './tuning/groups.ts'
export { describeChange, describeGroups, describePlace, describeValue } from './tuning/describe.ts'
export { diffTunings, SETTING_KEYS, type SettingValue, type TuningDifference } from './tuning/diff.ts'
export { Replay, type ReplayedBan, type ReplaySettings } from './tuning/replay.ts'
