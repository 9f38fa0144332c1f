export { AppError, ERRORS, type ErrorCode } from './error.ts'
export {
  banSchema,
  jailName,
  nodeEvent,
  outboxEvent,
  ticketSchema,
  firewallReport,
  type OutboxEvent,
} from './event.ts'
export {
  doctorReport,
  isBroken,
  type DoctorFinding,
  type DoctorHop,
  type DoctorJail,
  type DoctorReport,
} from './doctor.ts'
export {
  FINDING_ID,
  hardeningAction,
  hardeningFinding,
  hardenOutcome,
  hardenRequest,
  type HardeningAction,
  type HardeningFinding,
  type HardenOutcome,
  type HardenRequest,
} from './hardening.ts'
export { CONFIRM_BOUNDS, jailOverrides, jailSettings, settingsOverride, sharingPolicy } from './settings.ts'
export {
  down,
  operators,
  orderSchema,
  wantedSettings,
  type Down,
  type Operators,
  type WantedSettings,
} from './link/down.ts'
export {
  ALLOW_LIMIT,
  DENY_LIMIT,
  LIST_NAME,
  LISTS_LIMIT,
  PART_ENTRIES,
  wantedLists,
  type ListsPart,
  type ListsStatus,
  type NodeList,
  type WantedLists,
} from './link/lists.ts'
export {
  channelBytes,
  helloBytes,
  parseDown,
  parseUp,
  toFrame,
  welcomeBytes,
  type Parsed,
} from './link/frame.ts'
export { formatJoin, parseJoin, type Join } from './link/join.ts'
export {
  ANSWER_LIMIT_BYTES,
  LINES_LIMIT,
  LOG_LIMIT,
  type Answer,
  type FilterReport,
  type LogLine,
  type Question,
  type TailLine,
} from './link/question.ts'
export { settingsFor } from './link/older.ts'
export {
  SHARES_MOST,
  SHARES_PER_MESSAGE,
  suspended,
  suspensionWish,
  type Share,
  type Suspended,
  type SuspensionWish,
} from './link/sharing.ts'
export {
  up,
  nodeStatus,
  jailStatus,
  agentFigures,
  neverStatus,
  NEVER_SHOWN,
  sourceStatus,
  MISSING_NAMED,
  type Enforcement,
  type JailEnforcement,
  type Hello,
  type JailStatus,
  type AgentFigures,
  type NeverStatus,
  type NodeStatus,
  type SourceStatus,
  type Up,
} from './link/up.ts'
export {
  CLOSE,
  EVENTS_PER_MESSAGE,
  CARE_SINCE,
  FLEET_SETTINGS_SINCE,
  FRAME_LIMIT_BYTES,
  CHANNEL_LABEL,
  CHANNEL_LENGTH_BYTES,
  LINK_PATH,
  LINK_VERSION,
  LINK_VERSION_MIN,
  VERSION_HEADER,
  LISTS_SINCE,
  QUESTIONS_SINCE,
  SHARING_SINCE,
} from './link/version.ts'
