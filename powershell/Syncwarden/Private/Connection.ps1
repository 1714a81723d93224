# The address of an app, as one that requests can be made below of. Stops where it must not be called.
function Get-AppAddress {
    param($Cmdlet, [string] $Uri)
    if (-not $Uri) { Stop-Cmdlet $Cmdlet 'input.invalid' 'Say which app is meant: -Uri, or the variable SYNCWARDEN_APP.' }
    $address = $null
    $isAddress = [uri]::TryCreate("$($Uri.TrimEnd('/'))/", [System.UriKind]::Absolute, [ref]$address)
    if (-not $isAddress -or $address.Scheme -notin 'http', 'https' -or -not $address.Host) {
        Stop-Cmdlet $Cmdlet 'input.invalid' 'The address of the app must be one like https://app.azurewebsites.net.'
    }
    if ($address.UserInfo -or $address.Query -or $address.Fragment) {
        Stop-Cmdlet $Cmdlet 'input.invalid' 'The address of the app must not have a user, a query or a fragment.'
    }
    if ($address.Scheme -eq 'http' -and -not $address.IsLoopback) {
        Stop-Cmdlet $Cmdlet 'input.invalid' 'The address of the app must begin with https: http is for this machine only.'
    }
    $address
}

function Get-Connection {
    param($Cmdlet)
    if ($null -eq $script:connection) {
        Stop-Cmdlet $Cmdlet 'notConnected' 'No app is connected: Connect-Syncwarden first.'
    }
    $script:connection
}
