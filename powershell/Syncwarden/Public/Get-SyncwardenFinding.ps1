# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenFinding {
    <#
    .SYNOPSIS
    Findings of all targets.

    .DESCRIPTION
    Calls GET /api/findings.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Of one target only.

    .PARAMETER Control
    Of one control only.

    .PARAMETER Verdict
    With this verdict only.

    .PARAMETER Severity
    Of controls of this severity only.

    .PARAMETER Waived
    true: only what is accepted. false: only what is not.

    .PARAMETER Stale
    true: only what was not verified in time. false: only what was. A control that never ran has no finding, and is in neither.

    .PARAMETER ChangedSince
    Only what has changed at this moment or later.

    .PARAMETER Customer
    Of the targets of this customer only: nothing of any other.

    .PARAMETER Tag
    Of targets with this tag only.

    .PARAMETER PageSize
    The most items per page.

    .EXAMPLE
    Get-SyncwardenFinding -Verdict nonCompliant

    Everything that is wrong, in every tenant.

    .EXAMPLE
    (Get-SyncwardenFinding fabrikam-rooms consent).reasons | Format-List code, message

    Why one finding is as it is.

    .EXAMPLE
    Get-SyncwardenFinding -Verdict unknown | Select-Object -First 5

    No more pages are asked for than it takes.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Finding')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable')]
        [string] $Verdict,

        [ValidateSet('critical', 'high', 'medium', 'low')]
        [string] $Severity,

        [switch] $Waived,

        [switch] $Stale,

        [datetime] $ChangedSince,

        [string] $Customer,

        [string] $Tag,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'findings-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Finding'
    }
}
