# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenHealth {
    <#
    .SYNOPSIS
    Whether the watch goes on. Says nothing about tenants.

    .DESCRIPTION
    Calls GET /api/health.
    Anybody may call it.

    .EXAMPLE
    (Get-SyncwardenHealth).status

    healthy, or unhealthy.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Health')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'health' -Given $PSBoundParameters -TypeName 'Syncwarden.Health' -AlsoStatus 503
    }
}
