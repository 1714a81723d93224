# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenFailedMessage {
    <#
    .SYNOPSIS
    Messages that failed five times.

    .DESCRIPTION
    Calls GET /api/poison.
    Needs the app role Syncwarden.Admin.

    .EXAMPLE
    Get-SyncwardenFailedMessage

    The first 32.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.FailedMessage')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'poison-list' -Given $PSBoundParameters -TypeName 'Syncwarden.FailedMessage'
    }
}
