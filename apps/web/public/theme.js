// Runs before the first paint, so that a remembered theme never flashes. A file of its own: inline scripts are not allowed.
try {
  const theme = localStorage.getItem('warder.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage can be closed off; then the system's theme is used.
}
