# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Save-SyncwardenReport {
    <#
    .SYNOPSIS
    The report as a file to hand out: all targets, or one, or those of one customer.

    .DESCRIPTION
    Calls GET /api/report.
    Needs the app role Syncwarden.Read.

    .PARAMETER Path
    The file that is written, and replaced where it exists.

    .PARAMETER TargetId
    One target; all of them without it.

    .PARAMETER Control
    Targets to which this control applies.

    .PARAMETER Customer
    Of one customer only: nothing of any other stands on the page. Never empty with download.

    .PARAMETER Verdict
    Targets whose worst verdict, or verdict of control, is this one; those with anything that is stale or accepted.

    .PARAMETER Severity
    Targets with something of this severity that needs somebody.

    .PARAMETER Tag
    Targets with this tag.

    .PARAMETER Sort
    worst first, by the id of the target, or by age, the longest first.

    .PARAMETER Text
    Text in the name, the ids, the customer or the tags of the target.

    .PARAMETER Page
    Page of targets, from 1.

    .PARAMETER Resources
    Rooms of one target that have this verdict.

    .PARAMETER RoomText
    Text in the address or name of a room.

    .PARAMETER RoomPage
    Page of rooms, from 1.

    .PARAMETER History
    all: everything that has changed on the target.

    .PARAMETER Form
    The form for a new target, or to edit the one that is named.

    .EXAMPLE
    Save-SyncwardenReport report.html -TargetId fabrikam-rooms

    A page about one target, on which nothing acts.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string] $Path,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [string] $Customer,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable', 'stale', 'accepted')]
        [string] $Verdict,

        [ValidateSet('critical', 'high', 'medium', 'low')]
        [string] $Severity,

        [string] $Tag,

        [ValidateSet('worst', 'target', 'age')]
        [string] $Sort,

        [Alias('Q')]
        [string] $Text,

        [ValidateRange(1, 1000000)]
        [int] $Page,

        [ValidateSet('nonCompliant', 'unknown', 'compliant', 'notApplicable')]
        [string] $Resources,

        [Alias('Rq')]
        [string] $RoomText,

        [Alias('Rpage')]
        [ValidateRange(1, 1000000)]
        [int] $RoomPage,

        [switch] $History,

        [ValidateSet('new', 'edit')]
        [string] $Form
    )
    process {
        Save-Reply -Cmdlet $PSCmdlet -Operation 'report' -Given $PSBoundParameters -Fixed @{ download = '1' }
    }
}
