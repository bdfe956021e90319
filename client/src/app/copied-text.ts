/** Keeps soft hyphens out of what the user copies: a name with them would not be found elsewhere. */
export function copyWithoutSoftHyphens(): void {
  document.addEventListener('copy', (event) => {
    const text = String(getSelection())
    const plain = text.replaceAll('\u00ad', '')
    if (plain === text) return
    event.clipboardData?.setData('text/plain', plain)
    event.preventDefault()
  })
}
