# Shows a Stagewatch wall in Chrome, and starts Chrome again when it ends. Run by the task in wall-task.xml when the user
# of the wall has been signed in; docs/operating/screens-windows.md describes the installation.
#   powershell.exe -ExecutionPolicy Bypass -File start-wall.ps1 -Url https://board.example.com
param(
  # The address of the server as people and screens open it, without a path.
  [Parameter(Mandatory = $true)]
  [string] $Url
)

$ErrorActionPreference = 'Stop'
$folders = @($env:ProgramFiles, ${env:ProgramFiles(x86)}, $env:LOCALAPPDATA)
$browser = $folders |
  ForEach-Object { Join-Path $_ 'Google\Chrome\Application\chrome.exe' } |
  Where-Object { Test-Path $_ } |
  Select-Object -First 1
if (-not $browser) { throw 'Chrome is not installed: install it for all users.' }

# The pairing is stored in the folder of --user-data-dir. Edge does not keep it, because its kiosk mode is InPrivate.
$arguments = @(
  "--user-data-dir=`"$env:LOCALAPPDATA\StagewatchWall`"",
  '--kiosk',
  '--autoplay-policy=no-user-gesture-required',
  '--no-first-run',
  '--no-default-browser-check',
  '--noerrdialogs',
  '--hide-crash-restore-bubble',
  '--disable-features=Translate',
  '--overscroll-history-navigation=0',
  '--disable-pinch',
  "$Url/wall"
)

# Windows PowerShell 5.1 offers TLS 1.2 only if it is told to.
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

function Test-Server {
  try {
    $null = Invoke-WebRequest -Uri "$Url/healthz" -UseBasicParsing -TimeoutSec 5
    return $true
  } catch {
    return $false
  }
}

while ($true) {
  # Chrome would retry an unreachable page after longer and longer pauses, of up to half an hour.
  while (-not (Test-Server)) { Start-Sleep -Seconds 5 }
  Start-Process -FilePath $browser -ArgumentList $arguments -Wait
  Start-Sleep -Seconds 5
}
