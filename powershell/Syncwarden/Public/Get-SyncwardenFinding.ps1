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

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'findings-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Finding'
    }
}
