# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenHistory {
    <#
    .SYNOPSIS
    The transitions of a target, also of one that was deleted.

    .DESCRIPTION
    Calls GET /api/targets/{targetId}/history.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    Of one control only.

    .PARAMETER Verdict
    With this verdict only.

    .PARAMETER From
    From this moment on.

    .PARAMETER To
    Before this moment.

    .PARAMETER PageSize
    The most items per page.

    .EXAMPLE
    Get-SyncwardenHistory fabrikam-rooms -From (Get-Date).AddDays(-1)

    What has changed since yesterday. A time without an offset is that of this machine.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Transition')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable')]
        [string] $Verdict,

        [datetime] $From,

        [datetime] $To,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'history-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Transition'
    }
}
