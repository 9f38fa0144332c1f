// What a program needs of the protocol that reads nothing by it: the dashboard takes it from here without the schemas.

/** What somebody may do, from least to most. */
export const ROLES = ['viewer', 'operator', 'admin'] as const

/** The parts that the API is divided into. Each stands for itself; `admin` has all of them in it. */
export const SCOPES = ['read', 'unban', 'ban', 'tune', 'admin'] as const

/** Longest text of a list that is imported at once, in characters. */
export const IMPORT_LIMIT = 5_242_880

/** Longest time for which enforcing can be suspended, in seconds. */
export const SUSPENSION_MOST_S = 86_400

/** For so long, in seconds, where nobody says. */
export const SUSPENSION_DEFAULT_S = 900
