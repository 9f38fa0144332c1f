/** The socket of the ssh-agent that the server was started with, or null. */
export const sshAgentSocket = (): string | null => process.env['SSH_AUTH_SOCK'] || null
