/** Runs work in one transaction: all of it is kept, or nothing when it throws. Inside of another one it is a part of that. */
export type Transaction = <T>(work: () => T) => T
