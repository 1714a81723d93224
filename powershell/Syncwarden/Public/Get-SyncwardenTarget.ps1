# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenTarget {
    <#
    .SYNOPSIS
    The watched targets, or one of them.

    .DESCRIPTION
    Calls GET /api/targets/{targetId}.
    Calls GET /api/targets.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER PageSize
    The most items per page.

    .EXAMPLE
    Get-SyncwardenTarget

    All of them, in the order of their ids.

    .EXAMPLE
    Get-SyncwardenTarget | Where-Object worstVerdict -ne 'compliant' | Get-SyncwardenFinding

    All findings of targets that are not in order.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Target')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'target-get', 'targets-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Target'
    }
}
