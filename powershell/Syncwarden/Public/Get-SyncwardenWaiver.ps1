# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenWaiver {
    <#
    .SYNOPSIS
    The accepted risks of a target, also those that have ended.

    .DESCRIPTION
    Calls GET /api/targets/{targetId}/waivers.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER PageSize
    The most items per page.

    .EXAMPLE
    Get-SyncwardenTarget | Get-SyncwardenWaiver

    Those of all targets.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Waiver')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'waivers-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Waiver'
    }
}
