import { NativeSelect } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useText } from '../../text/use-text.ts'
import { useMe } from './me-context.ts'

/** Which site the page is about; a choice where the person belongs to several. */
export function SiteSwitch() {
  const { t, nameOf } = useText()
  const { site, sites } = useMe()
  const navigate = useNavigate()
  const current = sites.find(({ code }) => code === site)
  const badge = current?.sample === true && <span className="badge badge--sample">{t('sample')}</span>
  if (sites.length < 2) {
    return (
      <span className="site-name">
        {current === undefined ? site : nameOf(current.name)} {badge}
      </span>
    )
  }
  return (
    <span className="site-name">
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
