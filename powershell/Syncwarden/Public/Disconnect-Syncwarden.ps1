function Disconnect-Syncwarden {
    <#
    .SYNOPSIS
    Forgets the app and the token.

    .DESCRIPTION
    Until Connect-Syncwarden is called again, no app is called.

    .EXAMPLE
    Disconnect-Syncwarden

    Forgets both.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding()]
    param()
    process { $script:connection = $null }
}
