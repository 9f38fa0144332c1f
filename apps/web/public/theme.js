// Runs before the first paint, so that a remembered look never flashes. A file of its own: inline scripts are not allowed.
try {
  const looks = { theme: ['light', 'dark'], contrast: ['more'], density: ['compact'] }
  for (const [name, choices] of Object.entries(looks)) {
    const choice = localStorage.getItem(`warder.${name}`)
    if (choices.includes(choice)) document.documentElement.dataset[name] = choice
  }
} catch {
  // Storage can be closed off; then it looks as the system does.
}
