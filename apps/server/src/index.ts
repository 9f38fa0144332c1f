export { DEFAULT_PORT, serverConfig, type ServerConfig } from './config/schema.ts'
export type { NodePast, Server, ServerParts, Started } from './server.ts'
