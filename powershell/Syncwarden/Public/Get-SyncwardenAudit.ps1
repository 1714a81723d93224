# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenAudit {
    <#
    .SYNOPSIS
    How many visits wait in the queue: 0 when all that was enqueued has been audited.

    .DESCRIPTION
    Calls GET /api/audits.
    Needs the app role Syncwarden.Read.

    .EXAMPLE
    (Get-SyncwardenAudit).waiting

    How far Start-SyncwardenAudit has come.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Waiting')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'audits-waiting' -Given $PSBoundParameters -TypeName 'Syncwarden.Waiting'
    }
}
