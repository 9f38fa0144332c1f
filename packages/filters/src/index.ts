export { readSamples, type Sample } from './corpus.ts'
export { shippedFiles, shippedNames } from './shipped.ts'
