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
export { jailOverrides, jailSettings, settingsOverride, tuningSchema } from './settings.ts'
export { down, orderSchema, wantedSettings, type Down, type WantedSettings } from './link/down.ts'
export { helloBytes, parseDown, parseUp, toFrame, welcomeBytes, type Parsed } from './link/frame.ts'
export { formatJoin, parseJoin, type Join } from './link/join.ts'
export {
  ANSWER_LIMIT_BYTES,
  LINES_LIMIT,
  type Answer,
  type FilterReport,
  type Question,
  type TailLine,
} from './link/question.ts'
export {
  up,
  nodeStatus,
  jailStatus,
  neverStatus,
  NEVER_SHOWN,
  sourceStatus,
  type Hello,
  type JailStatus,
  type NeverStatus,
  type NodeStatus,
  type SourceStatus,
  type Up,
} from './link/up.ts'
export {
  CLOSE,
  EVENTS_PER_MESSAGE,
  FLEET_SETTINGS_SINCE,
  FRAME_LIMIT_BYTES,
  LINK_PATH,
  LINK_VERSION,
  LINK_VERSION_MIN,
  QUESTIONS_SINCE,
} from './link/version.ts'
