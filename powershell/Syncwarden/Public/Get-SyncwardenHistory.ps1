# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenHistory {
    <#
    .SYNOPSIS
    The transitions of a target, also of one that was deleted.

    .DESCRIPTION
    Calls GET /api/targets/{targetId}/history.
    Calls GET /api/history.
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

    .PARAMETER Since
    From this moment on; 7 days before the end unless told, and at most 92.

    .PARAMETER Until
    Before this moment; without it up to now.

    .PARAMETER Customer
    Of the targets of this customer only: nothing of any other.

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
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable')]
        [string] $Verdict,

        [datetime] $From,

        [datetime] $To,

        [datetime] $Since,

        [datetime] $Until,

        [string] $Customer,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'history-list', 'history-all' -Given $PSBoundParameters -TypeName 'Syncwarden.Transition'
    }
}
