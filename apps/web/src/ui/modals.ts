/** Whether a dialog stands over the page: keys of the page wait until it is gone. */
export function isModalOpen(): boolean {
  return document.querySelector('[aria-modal=true]') !== null
}
