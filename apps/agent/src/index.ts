export { makeAgent, type Agent, type AgentParts } from './agent.ts'
export { agentConfig, type AgentConfig } from './config/schema.ts'
export {
  FirewallError,
  type Enforced,
  type Firewall,
  type FirewallChange,
  type FirewallPlan,
} from './firewall/firewall.ts'
export type { Host } from './host.ts'
export { MemoryFirewall } from './firewall/memory.ts'
export type { Batch, Deliver, Source, SourceMaker, SourceReport, Tail } from './source/source.ts'
export { openState, type State } from './state/state.ts'
