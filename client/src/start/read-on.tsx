import { useText } from '../text/use-text.ts'

export function ReadOn() {
  const { t } = useText()
  return (
    <section>
      <h2 className="section-title">{t('start.more')}</h2>
      <ul className="card links">
        <li>
          <a href="/docs">{t('start.apiReference')}</a>
          <p>{t('start.apiReferenceText')}</p>
        </li>
        <li>
          <a href="/api/openapi.json">{t('start.openApi')}</a>
          <p>{t('start.openApiText')}</p>
        </li>
      </ul>
    </section>
  )
}
