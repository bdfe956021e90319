import { useState } from 'react'
import { useText } from '../text/use-text.ts'

/** A command with a button that copies it; pages that are not served securely have no clipboard and no button. */
export function CommandBlock({ command }: { readonly command: string }) {
  const { t } = useText()
  const [copied, setCopied] = useState<string>()
  const copy = () => {
    void navigator.clipboard.writeText(command).then(() => setCopied(command))
  }
  return (
    <div className="command">
      <pre className="command__text">{command}</pre>
      {isSecureContext && (
        <button type="button" className="button command__copy" onClick={copy}>
          {t(copied === command ? 'start.copied' : 'start.copy')}
        </button>
      )}
    </div>
  )
}
