# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Export-SyncwardenFinding {
    <#
    .SYNOPSIS
    Findings as a file: for a spreadsheet, as a report, or in JSON with their history.

    .DESCRIPTION
    Calls GET /api/export/{format}.
    Needs the app role Syncwarden.Read.

    .PARAMETER Path
    The file that is written, and replaced where it exists.

    .PARAMETER TargetId
    Of one target only.

    .PARAMETER Format
    Form of the file.

    .PARAMETER Control
    Of one control only.

    .PARAMETER Verdict
    With this verdict only.

    .PARAMETER Severity
    Of controls of this severity only.

    .PARAMETER Customer
    Of the targets of this customer only: nothing of any other.

    .PARAMETER Tag
    Of targets with this tag only.

    .PARAMETER Resources
    all: adds a row for each room and mailbox.

    .PARAMETER From
    The history from this moment on; only with json.

    .PARAMETER To
    The history before this moment; only with json.

    .EXAMPLE
    Export-SyncwardenFinding findings.csv -Format csv

    A row for each reason, for a spreadsheet.

    .EXAMPLE
    Export-SyncwardenFinding evidence.json -Format json -TargetId fabrikam-rooms -From 2026-01-01

    With the history of this year, for an auditor.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string] $Path,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [ValidateSet('csv', 'json', 'xlsx', 'md')]
        [string] $Format,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable')]
        [string] $Verdict,

        [ValidateSet('critical', 'high', 'medium', 'low')]
        [string] $Severity,

        [string] $Customer,

        [string] $Tag,

        [switch] $Resources,

        [datetime] $From,

        [datetime] $To
    )
    process {
        Save-Reply -Cmdlet $PSCmdlet -Operation 'export' -Given $PSBoundParameters
    }
}
