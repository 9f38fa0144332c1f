export { shippedFiles, shippedNames } from './shipped.ts'
