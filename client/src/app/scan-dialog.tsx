import { useMe } from '../api/session.ts'
import { Dialog } from '../components/dialog.tsx'
import layout from '../components/layout/layout.module.css'
import { QrCode } from '../components/qr-code.tsx'
import { useText } from '../locales/use-text.ts'
import { scanPath } from '../components/layout/wall-path.ts'

/** Shows how to open the phone page on a phone. */
export function ScanDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText()
  const { site } = useMe()
  const address = location.origin + scanPath(site)
  return (
    <Dialog title={t('scanLink.title')} closesBeside onClose={onClose}>
      <p>{t('scanLink.text')}</p>
      <QrCode text={address} label={t('scanLink.code')} />
      <p className={layout['meta']}>
        <a href={address}>{address}</a>
      </p>
    </Dialog>
  )
}
