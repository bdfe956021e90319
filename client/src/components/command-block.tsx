import { Button } from '@mantine/core'
import { useText } from '../locales/use-text.ts'
import styles from './command-block.module.css'
import { useCopy } from './use-copy.ts'

/** A command for a terminal, with a button that copies it. */
export function CommandBlock({ command }: { readonly command: string }) {
  const { t } = useText()
  const { shown, copy, label } = useCopy<HTMLPreElement>(command)
  return (
    <div className={styles['block']}>
      <pre className={styles['command']} ref={shown}>
        {command}
      </pre>
      <Button variant="default" onClick={copy}>
        {t(label)}
      </Button>
    </div>
  )
}
