import { NativeSelect } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import note from '../note.module.css'
import styles from './site-switch.module.css'

/** The site of the page; a select for users with several sites. */
export function SiteSwitch() {
  const { t, nameOf } = useText()
  const { site, sites } = useMe()
  const navigate = useNavigate()
  const current = sites.find(({ code }) => code === site)
  const badge = current?.sample === true && <span className={clsx(note['badge'], note['sample'])}>{t('sample')}</span>
  if (sites.length < 2) {
    return (
      <span className={styles['site']}>
        {current === undefined ? site : nameOf(current.name)} {badge}
      </span>
    )
  }
  return (
    <span className={styles['site']}>
      <NativeSelect
        aria-label={t('desk.site')}
        value={site}
        data={sites.map(({ code, name }) => ({ value: code, label: nameOf(name) }))}
        onChange={({ currentTarget }) => void navigate({ to: '.', search: { site: currentTarget.value } })}
      />
      {badge}
    </span>
  )
}
