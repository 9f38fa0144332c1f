/** How long an entry may hold; the value is in seconds, empty: without an end. */
export const ENDS = [
  { value: '', label: 'Until it is removed' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '24 hours' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
  { value: '31536000', label: '1 year' },
]
