# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenFindingResource {
    <#
    .SYNOPSIS
    The rows of one finding: one for each room and mailbox.

    .DESCRIPTION
    Calls GET /api/targets/{targetId}/findings/{control}.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    Id of the control.

    .PARAMETER Verdict
    Rows with this verdict only.

    .PARAMETER PageSize
    The most rows per page; 1000 unless told.

    .EXAMPLE
    Get-SyncwardenFindingResource fabrikam-rooms impersonation -Verdict nonCompliant

    Rooms that are out of reach, and mailboxes within it that should not be.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Resource')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable')]
        [string] $Verdict,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'finding-get' -Given $PSBoundParameters -Fixed @{ resources = 'all' } -TypeName 'Syncwarden.Resource'
    }
}
