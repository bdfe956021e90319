import { Switch } from '@mantine/core'
import { Dialog } from '../components/dialog.tsx'
import { KeyCaps } from '../components/shortcuts/key-caps.tsx'
import { listShortcuts, useCharacterShortcuts } from '../components/shortcuts/use-shortcuts.ts'
import { useText } from '../locales/use-text.ts'
import styles from './shortcut-help.module.css'

/** Lists every shortcut of the current page, with a setting that enables or disables single-character shortcuts. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText()
  const [areCharactersOn, setCharacters] = useCharacterShortcuts()
  const shortcuts = listShortcuts()
  return (
    <Dialog title={t('shortcuts.title')} className={styles['dialog']} closesBeside onClose={onClose}>
      <div className={styles['lists']} tabIndex={-1} data-autofocus>
        {(['page', 'desk'] as const).map((scope) => {
          const listed = shortcuts.filter((shortcut) => shortcut.scope === scope)
          if (listed.length === 0) return null
          return (
            <section key={scope}>
              <h3 className={styles['group']}>{t(`shortcuts.${scope}`)}</h3>
              <dl className={styles['list']}>
                {[...new Set(listed.map(({ text }) => text))].map((text) => (
                  <div key={text} className={styles['row']}>
                    <dt>{text}</dt>
                    {listed
                      .filter((shortcut) => shortcut.text === text)
                      .map(({ keys }) => (
                        <dd key={keys}>
                          <KeyCaps keys={keys} />
                        </dd>
                      ))}
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
      <Switch
        className={styles['switch']}
        label={t('shortcuts.characters')}
        description={t('shortcuts.charactersText')}
        checked={areCharactersOn}
        onChange={({ currentTarget: { checked } }) => setCharacters(checked)}
      />
    </Dialog>
  )
}
