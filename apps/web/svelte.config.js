/** Everything is TypeScript without preprocessing; runes are on everywhere. */
export default { compilerOptions: { runes: true } }
